extension Reference {
    /// How a run is configured, for the manual; the documentation's page has more (Configuration.md).
    static let configuration: [(name: String, meaning: String)] = [
        (
            "Order",
            """
            An option of a run that is not given is looked up in the environment, in the project's file, in the user's \
            file and in the system's files, in that order. The first place that sets it counts. 'psrun config show' \
            tells which place that is.
            """
        ),
        (
            "Files",
            """
            They are YAML: an option's name without its dashes, and its value, as in 'fanout: 64'. 'psrun config keys' \
            lists the names. A list takes the place of the lists of later places; patterns of redact and keywords of \
            option add up. Paths are those of the file's folder. A key that there is not, a key that stands twice, and a value that the option \
            would refuse are errors, with file, line and column.
            """
        ),
        (
            "hosts",
            """
            Settings for some hosts stand under hosts, by patterns as in ssh_config: names with * and ?, ranges such as \
            web[01-64], and @GROUP for a group of the inventory or of ClusterShell. '!' before a pattern leaves hosts \
            out. Of the groups that hold a host the first that sets something counts, and then what is set for all.
            """
        ),
        (
            "Secrets",
            """
            None is written in a file or a variable. password-file, password-command, password-credential and \
            ask-password say where a password comes from, for all hosts or for some; passphrase-file and \
            passphrase-credential do so for the passphrase of a key.
            """
        ),
        (
            "Safety",
            """
            A file that others may write to is refused. A project's file is not read where others own or may change \
            its folder. It cannot set what runs commands, names secrets or says which hosts are trusted, unless its \
            folder is among trusted-projects of the user's or a system's file.
            """
        ),
    ]
}
