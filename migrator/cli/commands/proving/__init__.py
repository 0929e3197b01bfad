"""Commands that compare and measure: configurations, answers, the balancer."""
