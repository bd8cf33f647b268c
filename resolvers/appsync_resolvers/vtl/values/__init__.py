"""Java's value semantics on Python values.

Java's Integer, Long and BigInteger are int, told apart by their size; Double is float,
BigDecimal is Decimal; String, Boolean, List and Map are str, bool, list and dict.
Everything else that a template can get hold of has a class in `objects`.
"""
