import PSRPEndpoint
import Testing

struct EndpointOptionsTests {
    @Test("Options take their values behind a blank or `=`, and the last one of a kind counts")
    func options() {
        let options = EndpointOptions(shell: "bash", workingDirectory: "/a=b", version: "1")
        #expect(
            EndpointArguments.read(
                ["--shell", "dash", "--working-directory=/a=b", "--shell=bash"],
                version: "1"
            ) == .serve(options)
        )
        #expect(EndpointArguments.read([], version: "1") == .serve(EndpointOptions(version: "1")))
    }

    @Test("Help and version win; a missing value and what is not an option are told")
    func others() {
        #expect(EndpointArguments.read(["--shell", "x", "-h"], version: "") == .help)
        #expect(EndpointArguments.read(["--version", "--no"], version: "") == .version)
        for words in [["--shell"], ["--shell="], ["sh"], ["--shelf", "x"]] {
            guard case .wrong = EndpointArguments.read(words, version: "") else {
                Issue.record("\(words) is taken")
                continue
            }
        }
    }
}
