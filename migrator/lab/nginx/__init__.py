"""ingress-nginx in small: a real nginx, the controller around it that counts its answers, and how both end."""
