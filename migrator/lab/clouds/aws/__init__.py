"""AWS Elastic Load Balancing v2 (API 2015-12-01): weighted target groups, query protocol in, XML out."""
