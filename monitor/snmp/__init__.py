"""SNMP behind one interface of ours, ``table(columns)``: two libraries, one behaviour, errors as values."""
