/// The namespaces of WS-Management's documents (MS-WSMV 2.2.1, MS-WSMAN 2.2), and addresses in them.
enum WSManNamespace {
    static let soap = "http://www.w3.org/2003/05/soap-envelope"
    static let addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
    static let anonymous = addressing + "/role/anonymous"
    static let shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
    static let transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
    static let enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
    static let selectorFilter = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"
}

extension WSManOperation {
    /// `wsa:Action`; Identify has none.
    var action: String {
        switch self {
        case .create: WSManNamespace.transfer + "/Create"
        case .command: WSManNamespace.shell + "/Command"
        case .send: WSManNamespace.shell + "/Send"
        case .receive: WSManNamespace.shell + "/Receive"
        case .signal: WSManNamespace.shell + "/Signal"
        case .delete: WSManNamespace.transfer + "/Delete"
        case .disconnect: WSManNamespace.shell + "/Disconnect"
        case .reconnect: WSManNamespace.shell + "/Reconnect"
        case .connect, .connectCommand: WSManNamespace.shell + "/Connect"
        case .identify: ""
        case .enumerateShells, .enumerateCommands: WSManNamespace.enumeration + "/Enumerate"
        }
    }
}
