"""The visitor's door: arrive, agree, grant, release."""
