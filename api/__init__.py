"""Every door: settings, service, HTTP, CLI and pages."""
