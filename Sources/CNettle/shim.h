#pragma once
#include <nettle/aes.h>
#include <nettle/bignum.h>
#include <nettle/cbc.h>
#include <nettle/rsa.h>
#include <stdint.h>
#include <sys/random.h>

// What Nettle and GMP offer as macros and as pointers to functions, which Swift cannot call.

/// nettle_random_func: the system's own randomness (getrandom(2)), which never comes short for these lengths.
static inline void psrun_random(void *context, size_t length, uint8_t *bytes) {
    (void)context;
    while (length > 0) {
        size_t part = length < 256 ? length : 256;
        if (getrandom(bytes, part, 0) != (ssize_t)part) continue;
        bytes += part;
        length -= part;
    }
}

/// RSAES-PKCS1-v1_5 (rsa_encrypt) under a public key of this modulus, big-endian; writes `modulus_length` bytes to
/// `sealed`. Returns 0 where the key or the length is not one that can be used.
static inline int psrun_rsa_seal(
    const uint8_t *modulus, size_t modulus_length, uint32_t exponent, const uint8_t *bytes, size_t length,
    uint8_t *sealed) {
    struct rsa_public_key key;
    mpz_t number;
    rsa_public_key_init(&key);
    mpz_init(number);
    nettle_mpz_set_str_256_u(key.n, modulus_length, modulus);
    mpz_set_ui(key.e, exponent);
    int is_sealed = rsa_public_key_prepare(&key) && key.size == modulus_length
        && rsa_encrypt(&key, NULL, psrun_random, length, bytes, number);
    if (is_sealed) nettle_mpz_get_str_256(modulus_length, sealed, number);
    mpz_clear(number);
    rsa_public_key_clear(&key);
    return is_sealed;
}

/// AES-256 in CBC mode with a vector of zeros, in place; `length` is a multiple of 16, and `key` has 32 bytes.
static inline void psrun_aes_encrypt(const uint8_t *key, size_t length, uint8_t *bytes) {
    struct CBC_CTX(struct aes256_ctx, AES_BLOCK_SIZE) context = {0};
    aes256_set_encrypt_key(&context.ctx, key);
    CBC_ENCRYPT(&context, aes256_encrypt, length, bytes, bytes);
}

static inline void psrun_aes_decrypt(const uint8_t *key, size_t length, uint8_t *bytes) {
    struct CBC_CTX(struct aes256_ctx, AES_BLOCK_SIZE) context = {0};
    aes256_set_decrypt_key(&context.ctx, key);
    CBC_DECRYPT(&context, aes256_decrypt, length, bytes, bytes);
}
