"""CloudFormation templates: sections, transforms, evaluation, stacks."""
