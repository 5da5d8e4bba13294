import PSRunCommandLine
import Testing

@Suite struct ExportBindingTests {
    @Test("Every option of export finds its place")
    func everyOptionFindsItsPlace() throws {
        var export = ExportInvocation(source: .run("last~1"), format: .cast3)
        export.host = "web02"
        export.output = "night"
        export.keepsAccessLog = false
        export.recordings = "d"
        let arguments = ["export", "last~1", "--as", "CAST3", "--host", "web02", "--output", "night"]
        #expect(try bind(arguments: arguments + ["--no-access-log", "--recordings", "d"]) == .export(export))
        var page = ExportInvocation(source: .run("last"), format: .html)
        page.since = .ago(30 * 86_400)
        #expect(try bind(arguments: ["export", "last", "--as", "html", "--since", "30d"]) == .export(page))
        let back = ExportInvocation(source: .file("night.jsonl"), format: .cast2)
        #expect(try bind(arguments: ["export", "--from", "night.jsonl", "--as=cast2"]) == .export(back))
    }

    @Test(
        "A wrong use of export is said in a sentence",
        arguments: [
            (["export", "--as", "junit"], "export needs a RUN, or --from FILE."),
            (["export", "last", "--from", "f", "--as", "junit"], "export takes a RUN or --from FILE, not both."),
            (["export", "last"], "export needs --as FORMAT: cast2, cast3, transcript,"),
            (["export", "last", "--as", "junit", "--since", "30d"], "--since is for --as html"),
            (["export", "--from", "f", "--as", "html", "--since", "30d"], "--since needs a RUN"),
            (["export", "last", "--as", "pdf"], "--as does not take 'pdf'"),
        ]
    )
    func whatIsWrongIsSaid(arguments: [String], message: String) throws {
        let error = #expect(throws: UsageError.self) { try bind(arguments: arguments) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }
}
