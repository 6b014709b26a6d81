#include "coord/http/tls_context.hpp"

#include <fmt/format.h>

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace cresset::coord::http {

boost::asio::ssl::context make_tls_context(const certificate_files& files) {
  using boost::asio::ssl::context;
  context made{context::tls_server};
  made.set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 |
                   context::no_tlsv1 | context::no_tlsv1_1 | context::no_compression |
                   context::single_dh_use);
  SSL_CTX_set_min_proto_version(made.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(made.native_handle(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(made.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");

  boost::system::error_code failed;
  made.use_certificate_chain_file(files.certificate.string(), failed);
  if (failed)
    throw std::runtime_error{fmt::format("http: cannot use the certificate {}: {}",
                                         files.certificate.string(), failed.message())};
  made.use_private_key_file(files.key.string(), context::pem, failed);
  if (failed)
    throw std::runtime_error{fmt::format("http: cannot use the key {} with the certificate {}: {}",
                                         files.key.string(), files.certificate.string(),
                                         failed.message())};
  return made;
}

void ask_for_certificates(boost::asio::ssl::context& context,
                          const std::filesystem::path& authority, bool is_required) {
  namespace ssl = boost::asio::ssl;
  boost::system::error_code failed;
  context.load_verify_file(authority.string(), failed);
  auto* const names = failed ? nullptr : SSL_load_client_CA_file(authority.c_str());
  if (names == nullptr)
    throw std::runtime_error{fmt::format("http: cannot use {} as the authority of clients: {}",
                                         authority.string(),
                                         failed ? failed.message() : "it holds no certificate")};
  SSL_CTX_set_client_CA_list(context.native_handle(), names); // takes them over
  context.set_verify_mode(is_required ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert
                                      : ssl::verify_peer);
  // Without a name of its own a resumed session of a client with a certificate is refused.
  static constexpr std::array<unsigned char, 7> name{'c', 'r', 'e', 's', 's', 'e', 't'};
  SSL_CTX_set_session_id_context(context.native_handle(), name.data(), name.size());
}

std::optional<peer_certificate> shown_certificate(SSL* of) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown{SSL_get1_peer_certificate(of), X509_free};
  if (!shown || SSL_get_verify_result(of) != X509_V_OK)
    return std::nullopt;
  peer_certificate read;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(shown.get(), EVP_sha256(), digest.data(), &size) != 1)
    return std::nullopt;
  for (unsigned i = 0; i < size; ++i)
    read.fingerprint += fmt::format("{:02x}", digest[i]);
  const std::unique_ptr<BIO, decltype(&BIO_free)> text{BIO_new(BIO_s_mem()), BIO_free};
  if (text && X509_NAME_print_ex(text.get(), X509_get_subject_name(shown.get()), 0,
                                 XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) > 0) {
    char* bytes = nullptr;
    const auto length = BIO_get_mem_data(text.get(), &bytes);
    read.subject.assign(bytes, static_cast<std::size_t>(length));
  }
  return read;
}

} // namespace cresset::coord::http
