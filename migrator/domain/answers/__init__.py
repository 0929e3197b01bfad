"""Answer parity: the same question must get the same answer from both sides. Pure; asking is an adapter's business."""
