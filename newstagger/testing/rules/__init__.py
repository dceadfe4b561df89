"""The rules of the conformance kit, by what they guard; ``newstagger.testing.conformance`` puts them together."""
