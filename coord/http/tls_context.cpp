#include "coord/http/tls_context.hpp"

#include <fmt/format.h>

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

} // namespace cresset::coord::http
