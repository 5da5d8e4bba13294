import CGSSAPI

/// A name of GSSAPI's: the one owner of its pointer.
final class GSSName {
    let raw: gss_name_t

    /// - Throws: GSSFailure.
    init(_ text: String, _ type: gss_OID?) throws(GSSFailure) {
        var minor: OM_uint32 = 0
        var name: gss_name_t?
        let major = GSSBytes.withBuffer(Array(text.utf8)) { gss_import_name(&minor, $0, type, &name) }
        guard psrun_gss_failed(major) == 0, let name else {
            throw GSSStatus(major, minor, nil).failure(.contextRefused, "\(text) is not a name")
        }
        raw = name
    }

    deinit {
        var minor: OM_uint32 = 0
        var name: gss_name_t? = raw
        gss_release_name(&minor, &name)
    }
}
