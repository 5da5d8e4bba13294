// The least CPU that sessions cost on libssh: the handshake of psrun's and the very bytes that one of its sessions sent,
// side by side on one thread. Of the answers it counts the lines, and nothing else.
//
// libssh_floor PORT KEY USER SUBSYSTEM TARGETS FANOUT FILE LINES:ANSWERS...
// Each flight is the file's next LINES, and over once ANSWERS lines have come in all.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum step { CONNECTING, EXCHANGING_KEYS, AUTHENTICATING, OPENING, STARTING, SENDING, RECEIVING };

struct session {
    ssh_session ssh;
    ssh_channel channel;
    int socket, flight, lines;
    enum step step;
};

static struct { const char *bytes; int length, answers; } flights[16];
static int flight_count, port, poller, started;
static const char *user, *subsystem;
static ssh_key key;

static void fail(struct session *session, const char *deed) {
    fprintf(stderr, "%s: %s\n", deed, session ? ssh_get_error(session->ssh) : strerror(errno));
    exit(1);
}

static void start(struct session *session) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(0x7F010000 | started / 200 << 8 | (started % 200 + 1));
    started++;
    *session = (struct session){.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    int on = 1, off = 0;
    setsockopt(session->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(session->socket, (void *)&address, sizeof address) && errno != EINPROGRESS) fail(NULL, "connect");
    ssh_session ssh = session->ssh = ssh_new();
    ssh_set_blocking(ssh, 0);
    ssh_options_set(ssh, SSH_OPTIONS_HOST, "target");
    ssh_options_set(ssh, SSH_OPTIONS_USER, user);
    ssh_options_set(ssh, SSH_OPTIONS_SSH_DIR, "/dev/null/none");
    ssh_options_set(ssh, SSH_OPTIONS_KNOWNHOSTS, "/dev/null/none");
    ssh_options_set(ssh, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null/none");
    ssh_options_set(ssh, SSH_OPTIONS_PROCESS_CONFIG, &off);
    ssh_options_set(ssh, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256");
    ssh_options_set(ssh, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
    ssh_options_set(ssh, SSH_OPTIONS_FD, &session->socket);
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = session};
    epoll_ctl(poller, EPOLL_CTL_ADD, session->socket, &event);
}

static void end(struct session *session) {
    epoll_ctl(poller, EPOLL_CTL_DEL, session->socket, NULL);
    ssh_channel_free(session->channel);
    ssh_options_set(session->ssh, SSH_OPTIONS_FD, NULL);
    ssh_disconnect(session->ssh);
    ssh_free(session->ssh);
}

static int exchange_keys(struct session *session) {
    int result = SSH_AGAIN;
    // What libssh writes makes it look whether there is room for more: a second look settles that.
    for (int look = 0; look < 3 && result == SSH_AGAIN; look++) {
        result = ssh_connect(session->ssh);
        if (!(ssh_get_poll_flags(session->ssh) & SSH_WRITE_PENDING)) break;
    }
    if (!(fcntl(session->socket, F_GETFL) & O_NONBLOCK)) fcntl(session->socket, F_SETFL, O_NONBLOCK);
    return result;
}

// Goes on as far as it can; 1 once the session is over.
static int serve(struct session *session) {
    static char answers[1 << 16];
    int result = SSH_OK, on = 1;
    // sshd's Nagle algorithm would wait 40 ms for an acknowledgement.
    if (session->step < SENDING) setsockopt(session->socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    for (;;) {
        switch (session->step) {
        case CONNECTING: {
            struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
            epoll_ctl(poller, EPOLL_CTL_MOD, session->socket, &event);
            session->step = EXCHANGING_KEYS;
            continue;
        }
        case EXCHANGING_KEYS: result = exchange_keys(session); break;
        case AUTHENTICATING:
            result = ssh_userauth_publickey(session->ssh, NULL, key);
            if (result == SSH_AUTH_AGAIN) return 0;
            if (result != SSH_AUTH_SUCCESS) fail(session, "authentication");
            session->channel = ssh_channel_new(session->ssh);
            result = SSH_OK;
            break;
        case OPENING: result = ssh_channel_open_session(session->channel); break;
        case STARTING: result = ssh_channel_request_subsystem(session->channel, subsystem); break;
        case SENDING:
            if (session->flight == flight_count) return 1;
            result = ssh_channel_write(session->channel, flights[session->flight].bytes,
                                       flights[session->flight].length);
            if (result != flights[session->flight].length) fail(session, "write");
            result = SSH_OK;
            break;
        case RECEIVING: {
            int count = ssh_channel_read_nonblocking(session->channel, answers, sizeof answers, 0);
            if (count < 0) fail(session, "read");
            if (count == 0) return 0;
            for (int index = 0; index < count; index++) session->lines += answers[index] == '\n';
            if (session->lines >= flights[session->flight].answers) {
                session->flight++;
                session->step = SENDING;
            }
            continue;
        }
        }
        if (result == SSH_AGAIN) return 0;
        if (result != SSH_OK) fail(session, "the handshake");
        session->step++;
    }
}

int main(int count, char **arguments) {
    static char content[1 << 20];
    if (count < 9) return 2;
    port = atoi(arguments[1]);
    user = arguments[3];
    subsystem = arguments[4];
    int targets = atoi(arguments[5]), fanout = atoi(arguments[6]), ended = 0;
    FILE *file = fopen(arguments[7], "r");
    if (!file) fail(NULL, arguments[7]);
    char *rest = content, *end_of_file = content + fread(content, 1, sizeof content, file);
    fclose(file);
    for (int index = 8; index < count && flight_count < 16; index++) {
        int lines;
        sscanf(arguments[index], "%d:%d", &lines, &flights[flight_count].answers);
        flights[flight_count].bytes = rest;
        while (lines-- && rest < end_of_file) rest = (char *)memchr(rest, '\n', end_of_file - rest) + 1;
        flights[flight_count].length = rest - flights[flight_count].bytes;
        flight_count++;
    }
    ssh_init();
    if (ssh_pki_import_privkey_file(arguments[2], NULL, NULL, NULL, &key) != SSH_OK) return 1;
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct session *sessions = calloc(fanout, sizeof *sessions);
    for (int index = 0; index < fanout && started < targets; index++) start(&sessions[index]);
    while (ended < targets) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, -1);
        for (int index = 0; index < ready; index++) {
            struct session *session = events[index].data.ptr;
            if (!serve(session)) continue;
            end(session);
            ended++;
            if (started < targets) start(session);
        }
    }
    return 0;
}
