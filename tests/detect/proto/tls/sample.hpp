#pragma once

#include "tests/support/parser_feed.hpp"

#include <string>

/// Parts of handshakes, put together by hand.
namespace cresset::test::tls_sample {

inline std::string number(std::size_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = bytes; i-- > 0;)
    text += static_cast<char>(value >> (8 * i));
  return text;
}
inline std::string sized(const std::string& body, std::size_t bytes) {
  return number(body.size(), bytes) + body;
}
inline std::string message(int type, const std::string& body) {
  return static_cast<char>(type) + sized(body, 3);
}
inline std::string record(int type, const std::string& content, int version = 0x0303) {
  return static_cast<char>(type) + number(static_cast<std::size_t>(version), 2) + sized(content, 2);
}
inline std::string extension(int type, const std::string& body) {
  return number(static_cast<std::size_t>(type), 2) + sized(body, 2);
}
inline std::string sni(const std::string& name) {
  return extension(0, sized('\0' + sized(name, 2), 2));
}
inline std::string alpn(const std::string& name) {
  return extension(16, sized(sized(name, 1), 2));
}
inline const std::string random_bytes = std::string(32, 'r');

inline std::string hello_of_client(const std::string& extensions, const std::string& session = "") {
  return message(1, number(0x0303, 2) + random_bytes + sized(session, 1) +
                        sized(from_hex("0a0a 1301 c02f"), 2) + sized(std::string(1, '\0'), 1) +
                        (extensions.empty() ? "" : sized(extensions, 2)));
}
inline std::string hello_of_server(const std::string& extensions, const std::string& session = "",
                                   int version = 0x0303) {
  return message(2, number(static_cast<std::size_t>(version), 2) + random_bytes +
                        sized(session, 1) + from_hex("c02f 00") +
                        (extensions.empty() ? "" : sized(extensions, 2)));
}
/// Self-signed, made with openssl: C=FR, ST=IDF, O=Example, CN=host.example, three alternative
/// names.
inline const std::string der = from_hex("308201f93082019ea00302010202030097e6300a06082a8648ce3d0403"
                                        "023044310b3009060355040613024652310c300a06035504080c"
                                        "034944463110300e060355040a0c074578616d706c6531153013060355"
                                        "04030c0c686f73742e6578616d706c65301e170d323631313231"
                                        "3233333332355a170d3336313131383233333332355a3044310b300906"
                                        "0355040613024652310c300a06035504080c034944463110300e"
                                        "060355040a0c074578616d706c653115301306035504030c0c686f7374"
                                        "2e6578616d706c653059301306072a8648ce3d020106082a8648"
                                        "ce3d0301070342000433094db457325a9605310cb43722c00426b9bc4d"
                                        "830dc8b13231da2557faeffa1598b7cf90277676660b8b6717dd"
                                        "b1d33bf3be7856342facb002ca958be267ffa37f307d301d0603551d0e"
                                        "041604140515aafad22d9c40d61b8d4f41b2370801543e18301f"
                                        "0603551d230418301680140515aafad22d9c40d61b8d4f41b237080154"
                                        "3e18300f0603551d130101ff040530030101ff302a0603551d11"
                                        "04233021820c686f73742e6578616d706c658704c0000207810b614062"
                                        "2e6578616d706c65300a06082a8648ce3d040302034900304602"
                                        "21009cdb4fac0ab841954638b45df64e40540191f9432df72c03225d76"
                                        "1ac13c0fa5022100bfd7d3234e18dc42adea97817d84ca2cc638"
                                        "a9133032a8c59427229412ee7fe5");
inline std::string certificate(const std::string& one) {
  return message(11, sized(sized(one, 3), 3));
}
inline const std::string change_keys = record(20, "\x01");
inline const std::string encrypted = record(22, std::string(40, 'e'));

} // namespace cresset::test::tls_sample
