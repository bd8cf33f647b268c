"""`$util` and `$extensions`: one namespace a file.

A helper is a function of the context and of the arguments that the template gives,
declared like a Java method in the table of its namespace: a call with other arguments
than AWS documents finds no method, so it has no value and is printed as it stands
(observed: athena sample #9, `$utils.appendError` with a number for the type).
"""
