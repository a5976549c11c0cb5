"""The pages behind the login, one file each: read the store, make plain values, fill a template."""
