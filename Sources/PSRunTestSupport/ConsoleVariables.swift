import Testing

/// Has a shell run lines that set what a console alone has a use for, and looks whether a later line shows or loses anything.
/// - Parameter result: what comes of a line that writes this, and ends with this status.
package func expectNoTraceOfAConsole<Result: Equatable>(
    of run: (String) throws -> Result,
    _ result: (_ output: String, _ status: Int32) -> Result
) throws {
    for line in [
        "PS1='mine> ' PS2='more> '; (exit 3)", "PS0='nought> ' PROMPT_COMMAND='echo commanded'; (exit 3)",
        "export PS1='mine> '; f() { return 3; }; f", "readonly TMOUT=900; (exit 3)",
    ] {
        #expect(try run(line) == result("", 3), "\(line)")
        #expect(try run("echo $?") == result("3\n", 0), "\(line)")
        #expect(try run("for i in 1; do\necho $i; done") == result("1\n", 0), "\(line)")
    }
}
