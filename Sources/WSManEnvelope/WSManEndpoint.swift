/// One WS-Management endpoint, as requests name it, and what every request of a session says of its client.
package struct WSManEndpoint: Sendable, Hashable {
    /// `wsa:To`: the URL that requests are posted to.
    package var address: String
    /// The host, for messages.
    package var host: String
    /// `w:ResourceURI`: a session configuration.
    package var resourceURI: String
    /// `w:Locale`, what texts are translated to (UICulture), and `p:DataLocale`, how dates and numbers are written (Culture), as
    /// in `en-US`.
    package var locale = "en-US"
    package var dataLocale = "en-US"
    /// WINRS_NOPROFILE: -NoMachineProfile.
    package var skipsMachineProfile = false
    /// `rsp:IdleTimeOut`, in seconds: how long the server keeps a shell that nobody asks; nil for the server's own.
    package var idleTimeout: Int?
    package var limits = EnvelopeLimits()
    package var times = WSManTimes()

    package init(address: String, host: String, resourceURI: String = Self.defaultResourceURI) {
        self.address = address
        self.host = host
        self.resourceURI = resourceURI
    }

    /// The prefix of every session configuration's URI.
    package static let resourcePrefix = "http://schemas.microsoft.com/powershell/"
    package static let defaultResourceURI = resourcePrefix + "Microsoft.PowerShell"
}

/// How long a client waits, in seconds.
package struct WSManTimes: Sendable, Hashable {
    /// `w:OperationTimeout` of everything but Receive; its answer may take `grace` longer.
    package var operation = 180
    /// `w:OperationTimeout` of a Receive: how long a server keeps one that has nothing to say. Servers cut it to theirs
    /// (Windows to 60 s); OMI answers after 30 s whatever it says.
    package var receive = 20
    /// The longest that a server may keep a Receive that has nothing to say, whatever was asked for.
    package var longestReceive = 60
    /// CancelTimeout: the answer to Signal.
    package var cancel = 60
    /// The answer to Delete, which not every server gives.
    package var delete = 5
    /// For the way there and back, and for the Receive of a command that was terminated.
    package var grace = 10

    package init() {}
}

/// Bounds on envelopes.
package struct EnvelopeLimits: Sendable, Hashable {
    /// Bytes of one envelope, both ways, until both sides are known to speak protocol 2.2: Windows Server 2008 R2 takes
    /// 150 KiB.
    package var firstEnvelope = 153_600
    /// From then on: MaxEnvelopeSizekb is 500 by default.
    package var envelope = 512_000
    /// Elements within elements of an answer.
    package var depth = 32
    /// Elements of an answer: an envelope holds some 400 shells, of 22 elements each.
    package var elements = 20_000
    /// Characters of a fault's detail that are kept, and of each of its texts.
    package var faultText = 4096

    package init() {}
}
