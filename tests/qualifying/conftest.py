import pytest
from applicant import Applicant


@pytest.fixture
def applicant(tmp_path):
    return Applicant(tmp_path)
