/// What one of a server's fault codes means to a user: the codes of MS-WSMV, of Windows, and of PowerShell's plug-in.
package struct FaultMeaning: Sendable, Hashable {
    package let code: WSManError.Code
    /// What happened, as the end of "While opening the shell at web01: ".
    package let what: String
    /// What a user can do: whole sentences, or empty.
    package let wayOut: String

    private init(_ code: WSManError.Code, _ what: String, _ wayOut: String = "") {
        self.code = code
        self.what = what
        self.wayOut = wayOut
    }

    /// nil for a code that is not known: then the server's own words are all there is.
    package init?(_ fault: FaultCode) {
        // An error number of Windows' may come as an HRESULT.
        let number = fault.rawValue & 0xFFFF_0000 == 0x8007_0000 ? fault.rawValue & 0xFFFF : fault.rawValue
        let meaning = Self.ofWindows(number) ?? Self.ofService(number) ?? Self.ofPlugin(number)
        guard let meaning else { return nil }
        self = meaning
    }

    /// Numbers of winerror.h below 65,536.
    private static func ofWindows(_ number: UInt32) -> FaultMeaning? {
        switch number {
        case 5:
            FaultMeaning(
                .accessDenied,
                "the server refuses this user access",
                "Use an account that is an administrator there, or a member of Remote Management Users whom the session "
                    + "configuration lets in (Get-PSSessionConfiguration there shows whom)."
            )
        case 87:
            FaultMeaning(
                .refused,
                "the server takes a parameter of the request for wrong",
                "Check -ConfigurationName and the session options."
            )
        case 995, 1223:
            FaultMeaning(
                .shellLost,
                "the operation was cancelled there",
                "Its WinRM service may have been stopped, or the session ended by somebody; run it again."
            )
        case 1359:
            FaultMeaning(
                .busy,
                "the server still works on this request",
                "Try again later."
            )
        case 1722:
            FaultMeaning(
                .busy,
                "the server cannot reach its own session host",
                "Try again later; if it stays so, restart the WinRM service there."
            )
        default: nil
        }
    }

    private static func ofService(_ number: UInt32) -> FaultMeaning? {
        switch number {
        case 2_150_858_754, 2_150_858_811:
            FaultMeaning(
                .configurationUnknown,
                "there is no such session configuration",
                "Check -ConfigurationName; Get-PSSessionConfiguration there lists them, and Enable-PSRemoting makes "
                    + "PowerShell's own."
            )
        case 2_150_858_767, 2_150_858_771:
            FaultMeaning(
                .notWSMan,
                "the server does not take what the request's header says",
                "Check that -ApplicationName or -ConnectionUri means its WinRM service."
            )
        case 2_150_858_770, 2_150_859_046:
            FaultMeaning(
                .connectionLost,
                "the server cannot be reached from where the answer came",
                "Check the host's name and what stands between."
            )
        case 2_150_858_790, 2_150_858_824, 2_150_858_825:
            FaultMeaning(
                .tooLarge,
                "an envelope is larger than the server takes",
                "Set MaxEnvelopeSizekb there to 500 or more (winrm get winrm/config), or send smaller ones with "
                    + "-SessionOption MaximumEnvelopeSize."
            )
        case 2_150_858_793:
            FaultMeaning(
                .timedOut,
                "the server did not finish in the time that the request allows",
                "Allow more with the session option OperationTimeout."
            )
        case 2_150_858_843:
            FaultMeaning(
                .shellLost,
                "the session, or its pipeline, is not there any more",
                "It may have idled too long, been ended by somebody, or its process have died; run it again."
            )
        case 2_150_858_974:
            FaultMeaning(
                .encryptionRequired,
                "the server takes nothing that is not encrypted",
                "Use -UseSSL, or an authentication that encrypts: Negotiate, Kerberos, CredSSP."
            )
        case 2_150_859_026:
            FaultMeaning(.busy, "the server is too busy (503)", "Try again later.")
        case 2_150_859_027:
            FaultMeaning(
                .notWSMan,
                "there is no WinRM service under this address (404)",
                "Check -ApplicationName and -Port, or -ConnectionUri."
            )
        case 2_150_859_047:
            FaultMeaning(
                .shellLost,
                "another request waits for this session's output",
                "Another client may have connected to it."
            )
        case 2_150_859_120, 2_150_859_121:
            FaultMeaning(
                .notWSMan,
                "what answers there could not serve the request (\(number == 2_150_859_120 ? 500 : 400))",
                "Check its logs, and what stands between."
            )
        case 2_150_859_161, 2_150_859_191:
            FaultMeaning(
                .redirected,
                "the server sends its clients elsewhere",
                "Use -ConnectionUri with -AllowRedirection, if you trust where it sends them."
            )
        default: ofSessions(number)
        }
    }

    private static func ofSessions(_ number: UInt32) -> FaultMeaning? {
        switch number {
        case 2_150_859_173...2_150_859_179, 2_150_859_236...2_150_859_241:
            FaultMeaning(
                .busy,
                "a quota of the server's is used up",
                "Try again when other sessions have ended, run fewer at once with --fanout, or raise its limits "
                    + "(winrm get winrm/config/winrs: MaxShellsPerUser, MaxConcurrentUsers, MaxProcessesPerShell)."
            )
        case 2_150_859_204, 2_150_859_230:
            FaultMeaning(
                .shellLost,
                "the session is disconnected there",
                "It goes on without a client until its idle time is over; Get-PSSession there lists it."
            )
        case 2_150_859_206, 2_150_859_213:
            FaultMeaning(
                .shellLost,
                "another client has the session",
                "Connect to it from there, or run the playbook anew."
            )
        case 2_150_859_212:
            FaultMeaning(.shellLost, "the pipeline has ended there", "Run it again.")
        case 2_150_859_216:
            FaultMeaning(.busy, "the session is just being connected or disconnected", "Try again.")
        case 2_150_859_229:
            FaultMeaning(
                .configurationUnknown,
                "remoting is disabled there, or for this session configuration",
                "Run Enable-PSRemoting there."
            )
        case 2_150_859_235:
            FaultMeaning(
                .accessDenied,
                "the session configuration refuses connections from other computers",
                "Run Enable-PSRemoting there, or Set-PSSessionConfiguration with -AccessMode Remote."
            )
        default: nil
        }
    }

    /// PowerShell's own plug-in in the WinRM service.
    private static func ofPlugin(_ number: UInt32) -> FaultMeaning? {
        switch number {
        case 0x8054_0BC5, 0x8054_0BC7:
            FaultMeaning(
                .protocolVersion,
                "PowerShell there does not speak this version of the remoting protocol",
                "It must be Windows PowerShell 3.0 or newer."
            )
        case 0x8054_0FA0:
            FaultMeaning(
                .refused,
                "PowerShell there failed while it opened the session",
                "Its event log (Microsoft-Windows-PowerShell/Operational) says why; the configuration's start-up script may "
                    + "be broken."
            )
        default: nil
        }
    }
}
