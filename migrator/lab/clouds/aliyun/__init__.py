"""What the Aliyun emulators share: wire, signature, parameters, limits, and the ECS calls that name servers."""
