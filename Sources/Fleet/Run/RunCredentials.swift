import Connections
import ConsoleText
import Files
import Glibc
import PSRP
import Processes
import SSHTransport
import Sessions
import Synchronization
import Threads

/// A run's passwords and passphrases: each found once, from where the command line, systemd or a terminal has it.
final class RunCredentials: Sendable {
    private let known: KnownSecrets
    private let passwordCommand: String?
    private let systemdFolder: String?
    private let person: (any Person)?
    private let clock: RunClock
    private let control: RunControl
    private let mask: SecretMask
    private let found = Mutex<[CredentialSource.Need: String]>([:])

    init(_ plan: RunPlan, person: (any Person)?, clock: RunClock, control: RunControl, mask: SecretMask) {
        known = plan.secrets
        passwordCommand = plan.passwordCommand
        systemdFolder = plan.environment["CREDENTIALS_DIRECTORY"]
        self.person = person
        self.clock = clock
        self.control = control
        self.mask = mask
    }

    var source: CredentialSource {
        CredentialSource { [self] need in try await secret(for: need).map { Secret($0) } }
    }

    private func secret(for need: CredentialSource.Need) async throws -> String? {
        if let known = found.withLock({ $0[need] }) { return known }
        guard let secret = try await search(need) else { return nil }
        // What was typed for all to see is none.
        if !need.isEchoed { mask.add(secret) }
        found.withLock { $0[need] = secret }
        return secret
    }

    private func search(_ need: CredentialSource.Need) async throws -> String? {
        switch need {
        case .passphrase(let keyFile):
            if let secret = known.passphrase { return secret }
            if let secret = try await systemdSecret("psrun.passphrase") { return secret }
            return await ask("Passphrase for \(keyFile): ", isSecret: true)
        case .password(let user, let host):
            if let secret = known.password { return secret }
            if let command = passwordCommand { return try await output(of: command) }
            if let secret = try await systemdSecret("psrun.password") { return secret }
            return await ask("\(Self.account(user, host))'s password: ", isSecret: true)
        case .answer(let prompt, let echo, let user, let host):
            return await ask("\(Self.account(user, host)): \(prompt)", isSecret: !echo)
        }
    }

    private static func account(_ user: String, _ host: String) -> String {
        host.hasPrefix("\(user)@") ? host : "\(user)@\(host)"
    }

    /// systemd's LoadCredential keeps its files to the service alone, whatever their mode says.
    /// - Throws: TransportError where it is there and cannot be used.
    private func systemdSecret(_ name: String) async throws -> String? {
        guard let systemdFolder else { return nil }
        let path = "\(systemdFolder)/\(name)"
        let found: Result<String?, FileFailure> = await Lane.files.run {
            guard FileContents.exists(path) else { return .success(nil) }
            do throws(FileFailure) {
                return .success(try FileContents.secret(path, isGuarded: true))
            } catch {
                return .failure(error)
            }
        }
        do throws(FileFailure) {
            return try found.get()
        } catch {
            throw TransportError(
                .configuration,
                phase: .auth,
                "the credential \(path) cannot be used: \(error.reason)."
            )
        }
    }

    private func ask(_ text: String, isSecret: Bool) async -> String? {
        guard let person else { return nil }
        let answer = await clock.whileAsking { [control] in
            // A server chooses its prompts.
            await person.ask(TerminalText.presentable(text, colored: false), isSecret ? .secret : .line) {
                control.stopReason != nil
            }
        }
        if isSecret, answer != nil { _ = write(STDERR_FILENO, "\n", 1) }
        return answer
    }

    /// The first line that a shell command prints. It ends with the task that waits for it, and so by the connection's
    /// clock.
    private func output(of command: String) async throws -> String {
        let outcome = await ShellCommand.run(command, limit: FileContents.secretBytes)
        switch outcome {
        case .ended(.exited(0)?, var output):
            defer { FileContents.wipe(&output) }
            if let line = output.split(separator: UInt8(ascii: "\n")).first {
                return String(decoding: line, as: UTF8.self)
            }
        case .cancelled: throw CancellationError()
        case .ended, .saidTooMuch, .notStarted: break
        }
        throw TransportError(
            .configuration,
            phase: .auth,
            "--password-command gave no password: \(Self.reason(outcome)); run it by itself to see why."
        )
    }

    private static func reason(_ outcome: ShellCommand.Outcome) -> String {
        switch outcome {
        case .ended(.exited(0)?, _), .cancelled: "it printed nothing"
        case .ended(.exited(let code)?, _): "it failed, with exit code \(code)"
        case .ended(.killed(let signal)?, _): "signal \(signal) ended it"
        case .ended(nil, _): "it failed"
        case .saidTooMuch: "it printed more than \(FileContents.secretBytes >> 20) MiB"
        case .notStarted(let reason): reason
        }
    }
}
