"""Made-up centres of any size, with planted troubles whose findings are known beforehand."""
