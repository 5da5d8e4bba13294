import PSRunCommandLine
import Testing

/// What psrun says to command lines that mix WinRM's options with those of other ways in.
struct WinRMUsageErrorTests {
    static let errors: [(line: String, code: UsageError.Code, message: String)] = [
        (
            "x.ps1 -Authentication Kerberos", .missingParameter,
            "-Authentication needs a computer to enter over WinRM: give -ComputerName or -ConnectionUri as well."
        ),
        (
            "x.ps1 -Credential op", .missingParameter,
            """
            -Credential needs -ComputerName as well (or -ConnectionUri, -VMId or -VMName), for the parameter set \
            ComputerName. Over SSH the user is -UserName, and --password-file or --password-command gives the password.
            """
        ),
        (
            "x.ps1 --password-file f", .missingParameter,
            """
            --password-file needs a host: give -HostName or --host as well (or -ComputerName, -ConnectionUri, -VMId or \
            -VMName).
            """
        ),
        (
            "x.ps1 -Credential op -ContainerId a", .parameterSets,
            """
            -Credential belongs to the sets ComputerName, Uri, VMId or VMName and -ContainerId to the parameter set \
            ContainerId: they cannot be used together.
            """
        ),
        (
            "x.ps1 -Credential op --process 3", .missingParameter,
            """
            -Credential needs -ComputerName as well (or -ConnectionUri, -VMId or -VMName), for the parameter set \
            ComputerName.
            """
        ),
        (
            "x.ps1 -VMName a -UserName op", .parameterSets,
            """
            -VMName belongs to the parameter set VMName and -UserName to the parameter set SSHHost: they cannot be used \
            together. A virtual machine's user is -Credential, and --password-file or --password-command gives the password.
            """
        ),
        (
            "x.ps1 --hypervisor qemu:///system", .missingParameter,
            "--hypervisor needs -VMId and -Credential as well (or -VMName), for the parameter set VMId."
        ),
        (
            "x.ps1 -ConnectionUri https://a/wsman --redirect-to b", .missingParameter,
            "--redirect-to says where -AllowRedirection may take the credentials: give -AllowRedirection as well."
        ),
        (
            "x.ps1 -ComputerName a -AllowRedirection", .parameterSets,
            """
            -ComputerName belongs to the parameter set ComputerName and -AllowRedirection to the parameter set Uri: they \
            cannot be used together. A redirection is followed from a whole address alone: give the computer as \
            -ConnectionUri, such as http://srv01:5985/wsman.
            """
        ),
        (
            "x.ps1 -ComputerName a -UserName op", .parameterSets,
            """
            -ComputerName belongs to the parameter set ComputerName and -UserName to the parameter set SSHHost: they \
            cannot be used together. Over WinRM the user is -Credential, and --password-file or --password-command gives \
            the password.
            """
        ),
        (
            "x.ps1 -ComputerName a -Credential op -KeyFilePath k", .parameterSets,
            """
            -ComputerName belongs to the parameter set ComputerName and -KeyFilePath to the parameter set SSHHost: they \
            cannot be used together. Over WinRM a certificate takes the key's place: -CertificateThumbprint.
            """
        ),
        (
            "x.ps1 -ComputerName a -ConnectingTimeout 5000", .parameterSets,
            """
            -ComputerName belongs to the parameter set ComputerName and -ConnectingTimeout to the parameter set SSHHost: \
            they cannot be used together. There the time is given with its unit: --connecting-timeout 5s.
            """
        ),
        (
            "x.ps1 -ComputerName a -Credential op:secret", .invalidArgument,
            """
            -Credential: it takes a user's name alone, which has no colon. A password does not belong on a command line: \
            --password-file, --password-command or --password-credential gives it.
            """
        ),
        (
            "x.ps1 -CU https://a:5986 -UseSSL", .parameterSets,
            """
            -CU belongs to the parameter set Uri and -UseSSL to the parameter set ComputerName: they cannot be used \
            together. An address says scheme, port and path by itself: https://srv01:5986/wsman.
            """
        ),
        (
            "x.ps1 -ComputerName a -Authentication NTLM", .invalidArgument,
            """
            -Authentication does not take 'NTLM': it takes Default, Basic, Negotiate, \
            NegotiateWithImplicitCredential, Credssp, Digest or Kerberos. NTLM is what Negotiate takes for DOMAIN\\USER \
            and USER; Kerberos rules it out.
            """
        ),
    ]

    @Test("Whoever brings another way in's option is told what takes its place", arguments: errors.indices)
    func message(index: Int) {
        let (line, code, message) = Self.errors[index]
        let error = #expect(throws: UsageError.self, "\(line)") {
            try bind(arguments: line.split(separator: " ").map(String.init))
        }
        #expect(error == UsageError(code, message), "\(line)")
    }
}
