"""The gradebook of a class as an instructor uses it: to overrule, to look before publishing, to hand on."""
