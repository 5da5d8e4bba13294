#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// What OpenSSL has as macros and as typed stacks, which Swift cannot call.

// MARK: A context and its connections

/// Small idle connections, writes that are tried again from elsewhere, and nothing resumed.
static inline void psrun_tls_habits(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int psrun_tls_versions(SSL_CTX *context, int oldest, int newest) {
    return SSL_CTX_set_min_proto_version(context, oldest) == 1 && SSL_CTX_set_max_proto_version(context, newest) == 1;
}

static inline int psrun_tls_add_chain(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate) == 1;
}

static inline int psrun_tls_set_server_name(SSL *connection, const char *name) {
    return SSL_set_tlsext_host_name(connection, name) == 1;
}

/// How many handshakes there were since the first one (TLS 1.2).
static inline long psrun_tls_renegotiations(SSL *connection) { return SSL_num_renegotiations(connection); }

// MARK: A BIO of one's own

static inline void psrun_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void psrun_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

/// Which error it is, within its library.
static inline int psrun_error_reason(unsigned long code) { return ERR_GET_REASON(code); }

// MARK: Certificates

/// Adds the certificates and revocation lists of PEM text to a store, and counts them. 0 where the text is broken.
static inline int psrun_store_add_pem(X509_STORE *store, BIO *text, int *certificates, int *lists) {
    STACK_OF(X509_INFO) *parts = PEM_X509_INFO_read_bio(text, NULL, NULL, (void *)"");
    if (parts == NULL) return 0;
    int is_whole = 1;
    for (int index = 0; index < sk_X509_INFO_num(parts); index++) {
        X509_INFO *part = sk_X509_INFO_value(parts, index);
        if (part->x509 != NULL) {
            is_whole &= X509_STORE_add_cert(store, part->x509);
            *certificates += 1;
        }
        if (part->crl != NULL) {
            is_whole &= X509_STORE_add_crl(store, part->crl);
            *lists += 1;
        }
    }
    sk_X509_INFO_pop_free(parts, X509_INFO_free);
    return is_whole;
}

/// A name as RFC 2253 writes it, in UTF-8.
static inline void psrun_print_name(BIO *out, const X509_NAME *name) {
    X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

/// The names that a certificate is for: `DNS:srv01, IP Address:10.0.0.5`. Nothing where it has none.
static inline void psrun_print_alternative_names(BIO *out, X509 *certificate) {
    int place = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
    if (place >= 0) X509V3_EXT_print(out, X509_get_ext(certificate, place), 0, 0);
}

static inline int psrun_chain_count(STACK_OF(X509) *chain) { return chain == NULL ? 0 : sk_X509_num(chain); }
static inline X509 *psrun_chain_at(STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }
static inline void psrun_chain_free(STACK_OF(X509) *chain) { sk_X509_pop_free(chain, X509_free); }

/// The text of a BIO in memory: it belongs to the BIO.
static inline long psrun_bio_text(BIO *bio, char **text) { return BIO_get_mem_data(bio, text); }
