"""What both Aliyun drivers share: signature, credentials, one signed call, and which server an address is. No weights."""
