"""FHIR R4: files to resources, resources to facts."""
