import Audit
import Files
import Glibc
package import PSRunCommandLine
import Recording
import RecordingFormat
import Reports
import SystemErrors
import Threads

/// `psrun verify`: whether recordings are what was sealed, and what there is that nobody can tell from them.
package enum VerifyCommand {
    package static func run(_ invocation: VerifyInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                return try verify(invocation, console).number
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func verify(
        _ invocation: VerifyInvocation,
        _ console: VerbConsole
    ) throws(RecordingError) -> ExitCode {
        let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
        let signers = try allowedSigners(invocation, console.environment)
        var request = StoreAudit.Request(
            folder: store.folder,
            signatures: SignatureCheck(
                isRequired: invocation.requireSignature,
                signers: signers,
                environment: console.environment
            )
        )
        if let file = invocation.headFile { request.heads = try Heads(file: file).hashes }
        request.heads += invocation.heads
        if !invocation.all {
            request.proofs = invocation.runs.filter(isFile)
            let runs = invocation.runs.filter { !isFile($0) }
            request.runs = []
            for name in runs { request.runs?.append(try store.run(name).folder) }
            try takeFolder(of: request.runs ?? [], into: &request)
        }
        guard !invocation.script else {
            return console.write(try script(request, signers, invocation)) ? .allWell : .notAllWell
        }
        let audit = try StoreAudit.of(request)
        switch invocation.format {
        case .json: _ = console.write(String(decoding: audit.json(signers: signers?.file).indented, as: UTF8.self))
        case .text: _ = console.write(audit.text)
        }
        return audit.exitCode
    }

    /// A run's chain is the one beside its folder, wherever that is.
    private static func takeFolder(
        of runs: [String],
        into request: inout StoreAudit.Request
    ) throws(RecordingError) {
        let folders = Set(runs.map(FilePaths.parent))
        guard folders.count < 2 else {
            let names = folders.sorted().joined(separator: ", ")
            throw RecordingError(
                .ambiguous,
                "These runs lie in several folders: \(names). Verify one folder at a time."
            )
        }
        if let folder = folders.first { request.folder = folder }
    }

    private static func script(
        _ request: StoreAudit.Request,
        _ signers: AllowedSigners?,
        _ invocation: VerifyInvocation
    ) throws(RecordingError) -> String {
        let file = signers.map { absolute($0.file) }
        guard let proof = request.proofs.first else {
            let runs = (request.runs ?? []).map(FilePaths.name)
            if let other = runs.first(where: { !RunName.isFolder($0) }) {
                throw RecordingError(.notFound, "\(other) is not a run's folder, so no script can prove it.")
            }
            return VerifyScript(
                recordings: absolute(request.folder),
                signers: file,
                signer: signers?.principal,
                requiresSignature: invocation.requireSignature,
                heads: request.heads,
                runs: runs
            ).text
        }
        guard request.proofs.count == 1, request.runs?.isEmpty == true else {
            throw RecordingError(.ambiguous, "--script takes runs, or one file made by psrun prove.")
        }
        return ProofScript(
            proof: absolute(proof),
            signers: file,
            signer: signers?.principal,
            requiresSignature: invocation.requireSignature
        ).text
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The path from the root, without links; as it is where there is nothing of that name.
    private static func absolute(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The file that was named, or the configuration folder's where there is one.
    /// - Throws: `notFound` where the one that was named cannot be read: nobody's signature would count by it.
    private static func allowedSigners(
        _ invocation: VerifyInvocation,
        _ environment: [String: String]
    ) throws(RecordingError) -> AllowedSigners? {
        if let file = invocation.allowedSigners {
            guard access(file, R_OK) == 0 else {
                throw RecordingError(.notFound, "--allowed-signers \(file) cannot be read: \(describe(errno: errno)).")
            }
            return AllowedSigners(file: file, principal: invocation.signer)
        }
        let home = environment["HOME"].map { $0 + "/.config" }
        guard let configuration = environment["XDG_CONFIG_HOME"].flatMap({ $0.hasPrefix("/") ? $0 : nil }) ?? home
        else { return nil }
        let file = configuration + "/psrun/allowed_signers"
        return access(file, R_OK) == 0 ? AllowedSigners(file: file, principal: invocation.signer) : nil
    }
}
