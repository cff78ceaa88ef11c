"""Attendance files of webinar tools: pure, without a database and without HTTP."""
