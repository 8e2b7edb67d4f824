"""Pictures of the work: values that paint themselves, speak for themselves, and can be kept as files."""
