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
    private let sources: SecretSources
    private let systemdFolder: String?
    private let person: (any Person)?
    private let clock: RunClock
    private let control: RunControl
    private let mask: SecretMask
    private let found = Mutex<[CredentialSource.Need: Found]>([:])

    /// Questions are put one after the other: what one is answered may be offered for the next.
    private let turn = Turn()
    /// What was typed last as a user's password, and for which account; read and written in one's turn.
    private let typed = Mutex<[String: (account: String, password: String)]>([:])

    private struct Found {
        let secret: String
        let isFromPerson: Bool
    }

    init(_ plan: RunPlan, person: (any Person)?, clock: RunClock, control: RunControl, mask: SecretMask) {
        sources = plan.secrets
        systemdFolder = plan.environment["CREDENTIALS_DIRECTORY"]
        self.person = person
        self.clock = clock
        self.control = control
        self.mask = mask
    }

    var source: CredentialSource {
        let origin: String? = if case .command = sources.password { "--password-command" } else { nil }
        return CredentialSource(passwordOrigin: origin) { [self] request in
            try await secret(for: request).map { Secret($0) }
        }
    }

    /// Whether a command gives the password for a host: what it gives is known once it has run.
    func runsCommand(for host: String) -> Bool {
        if case .command = sources.passwordOfHost(host) ?? sources.password { true } else { false }
    }

    private func secret(for request: CredentialSource.Request) async throws -> String? {
        let need = request.need
        if request.refusals == 0 {
            if let known = found.withLock({ $0[need]?.secret }) { return known }
            if let secret = try await search(need) { return keep(secret, for: need) }
        } else if found.withLock({ $0[need]?.isFromPerson }) == false {
            // It is the same as often as it is asked for.
            return nil
        }
        guard request.mayAskPerson, let secret = await ask(for: request) else { return nil }
        return keep(secret, for: need, isFromPerson: true)
    }

    private func keep(_ secret: String, for need: CredentialSource.Need, isFromPerson: Bool = false) -> String {
        // What was typed for all to see is none.
        if !need.isEchoed { mask.add(secret) }
        found.withLock { $0[need] = Found(secret: secret, isFromPerson: isFromPerson) }
        return secret
    }

    /// Looks where nobody has to be asked.
    private func search(_ need: CredentialSource.Need) async throws -> String? {
        switch need {
        case .passphrase(let keyFile):
            if let secret = sources.passphraseOfKey[keyFile] ?? sources.passphrase { return secret }
            return try await systemdSecret("psrun.passphrase")
        case .password(let user, let host, _):
            switch sources.passwordOfHost(host) ?? sources.password {
            case .known(let secret): return secret
            case .command(let command): return try await output(of: command, for: user, host)
            case .file(let path, let isGuarded): return try await secret(in: path, isGuarded: isGuarded)
            case .person: return nil
            case .standard: return try await systemdSecret("psrun.password")
            }
        case .answer: return nil
        }
    }

    /// Asks the person, in its turn; the clocks of whoever waits for the answer stand still meanwhile.
    private func ask(for request: CredentialSource.Request) async -> String? {
        guard person != nil else { return nil }
        let clocks = AskedClocks.current ?? AskedClocks(clock)
        return await clocks.whileAsking {
            await turn.take()
            let answer = await question(request)
            await turn.leave()
            return answer
        }
    }

    private func question(_ request: CredentialSource.Request) async -> String? {
        let refused = request.refusals == 0 ? "" : "That was refused; try again.\n"
        switch request.need {
        case .passphrase(let keyFile):
            return await ask("\(refused)Passphrase for \(keyFile): ", isSecret: true)
        case .password(let user, let host, let words?):
            return await ask("\(refused)\(Self.account(user, host)): \(words)", isSecret: true)
        case .password(let user, let host, nil):
            return await askForPassword(of: user, Self.account(user, host), refused: refused)
        case .answer(let prompt, let echo, let user, let host):
            return await ask("\(refused)\(Self.account(user, host)): \(prompt)", isSecret: !echo)
        }
    }

    private static func account(_ user: String, _ host: String) -> String {
        host.hasPrefix("\(user)@") ? host : "\(user)@\(host)"
    }

    /// systemd's LoadCredential keeps its files to the service alone, whatever their mode says.
    /// - Returns: nil where it is not there.
    /// - Throws: TransportError where it is there and cannot be used.
    private func systemdSecret(_ name: String) async throws -> String? {
        guard let systemdFolder else { return nil }
        let path = "\(systemdFolder)/\(name)"
        guard await Lane.files.run({ FileContents.exists(path) }) else { return nil }
        return try await secret(in: path, isGuarded: true)
    }

    private func secret(in path: String, isGuarded: Bool) async throws -> String {
        let found: Result<String, FileFailure> = await Lane.files.run {
            do throws(FileFailure) {
                return .success(try FileContents.secret(path, isGuarded: isGuarded))
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

    /// Whoever has one password on many hosts types it once: at the next host Enter alone is the same again. No host gets a
    /// password without that.
    private func askForPassword(of user: String, _ account: String, refused: String) async -> String? {
        let earlier = typed.withLock { $0[user] }.flatMap { $0.account == account ? nil : $0 }
        let offer = earlier.map { " (Enter: the same as \($0.account)'s)" } ?? ""
        guard let answer = await ask("\(refused)\(account)'s password\(offer): ", isSecret: true) else { return nil }
        if answer.isEmpty, let earlier { return earlier.password }
        typed.withLock { $0[user] = (account, answer) }
        return answer
    }

    private func ask(_ text: String, isSecret: Bool) async -> String? {
        // A server chooses its prompts.
        await person?.ask(TerminalText.presentable(text, colored: false), isSecret ? .secret : .line) { [control] in
            control.stopReason != nil
        }
    }

    /// The first line that a shell command prints. It ends with the task that waits for it, and so by the connection's
    /// clock.
    private func output(of command: String, for user: String, _ name: String) async throws -> String {
        let host = JumpHostList.last(of: name)?.host.host ?? name
        let environment = ["PSRUN_TARGET_HOST": host, "PSRUN_TARGET_USER": user]
        let outcome = await ShellCommand.run(command, environment: environment, limit: FileContents.secretBytes)
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
