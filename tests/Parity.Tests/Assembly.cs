// The simulator serves the whole process: its counts and faults are of one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
