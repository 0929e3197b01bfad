"""The second opinion: who asks Prometheus, when again, and what its newest scrapes alone say."""
