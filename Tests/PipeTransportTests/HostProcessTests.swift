import Testing

@testable import PipeTransport

struct HostProcessTests {
    @Test("A pipe's file name tells the process, also where the process's name has dots")
    func name() throws {
        let process = try #require(
            HostProcess(fileName: "CoreFxPipe_PSHost.DC9A4F1E.4711.None.pwsh-7.6", in: "/tmp")
        )
        #expect(process.id == 4711 && process.name == "pwsh-7.6")
        #expect(process.pipe == "/tmp/CoreFxPipe_PSHost.DC9A4F1E.4711.None.pwsh-7.6")
    }
}
