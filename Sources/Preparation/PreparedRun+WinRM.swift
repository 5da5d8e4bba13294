package import Fleet
import Glibc
import PSRunCommandLine
import Targets
import WinRMParameters

extension PreparedRun {
    /// What would keep the run from entering its targets over WinRM, in its own words; nothing is connected to.
    package func faultsOverWinRM(version: String, mask: SecretMask) async -> [String] {
        guard targets.contains(where: { $0.winRM != nil }) else { return [] }
        let plan = plan(columns: 80, version: version)
        return await WinRMCheck(plan, hasPerson: isatty(STDIN_FILENO) != 0, mask: mask).faults()
    }

    /// What was given for WinRM and does nothing.
    package var remarksOnWinRM: [String] {
        let entered = targets.compactMap(\.winRM)
        guard !entered.isEmpty, entered.count == targets.count else { return [] }
        var remarks: [String] = []
        let sources = invocation.credentials
        let given = [
            sources.passwordFile.map { _ in "--password-file" },
            sources.passwordCommand.map { _ in "--password-command" },
            sources.passwordCredential.map { _ in "--password-credential" },
        ]
        if let option = given.compactMap(\.self).first, entered.allSatisfy({ $0.login.user == nil }) {
            remarks.append(
                "\(option) gives a password that nobody logs in with: say whose it is with -Credential. Without it, kinit's"
                    + " tickets or a certificate count"
            )
        }
        // A redirection may lead to https.
        let isInClear = entered.allSatisfy { !$0.url.isTLS && $0.redirection.most == 0 }
        let idle = [
            entered.contains { !$0.tls.checksAuthority } ? "-SkipCACheck" : nil,
            entered.contains { !$0.tls.checksName } ? "-SkipCNCheck" : nil,
            entered.contains { $0.tls.trustFile != nil } ? "--ca-file" : nil,
        ].compactMap(\.self)
        if isInClear, !idle.isEmpty {
            remarks.append(
                "over http no server shows a certificate: \(idle.joined(separator: " and ")) "
                    + (idle.count == 1 ? "does nothing" : "do nothing")
            )
        }
        return remarks
    }
}
