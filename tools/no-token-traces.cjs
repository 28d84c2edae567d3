// Every token records a stack trace, half of a large synth's time, and nothing here reads it (hashicorp/terraform-cdk#3892).
const stackTrace = require('cdktf/lib/tokens/private/stack-trace');
stackTrace.captureStackTrace = () => [];
