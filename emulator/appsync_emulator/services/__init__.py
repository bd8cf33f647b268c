"""SQS, SNS and EventBridge for functions: moto's server beside us, or any endpoint."""
