"""SQS, SNS, EventBridge and Cognito: moto's server beside us, or any endpoint."""
