package import Fleet
package import RecordingFormat
import WinRMParameters

extension RunTarget {
    /// How it is entered over WinRM, without secrets; nil on every other way.
    /// - Parameter masked: takes secrets out of a text.
    package func winRMRecord(_ masked: (String) -> String) -> JSONValue? {
        winRM.map { target in
            .record([
                .name: .string(masked(name)),
                .uri: .string(masked(target.url.text)),
                .configurationName: .string(masked(target.resourceURI)),
                .authentication: .string(target.login.name),
                .user: .optional(target.login.user.map(masked)),
                .proxy: .optional(target.proxy.map { masked($0.shown) }),
            ])
        }
    }
}
