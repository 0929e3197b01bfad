"""The node agent: registers nodes and runs their pods' containers as processes, as a kubelet would. No images, no cgroups."""
