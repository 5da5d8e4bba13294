import PSRunTestSupport

/// Runs a line of sh in a folder.
func shell(_ line: String, in folder: String) async throws -> ProgramOutcome {
    try await ChildProgram.run(["/bin/sh", "-c", "cd \"$0\" && { \(line)\n}", folder])
}
