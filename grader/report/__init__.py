"""Pages for instructors: a folder of pages on a class, and the review app. Both only read the records; marks change through `gradebook`."""
