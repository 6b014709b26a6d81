#include "detect/proto/tls/fingerprint.hpp"

#include "detect/proto/digest.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto;
using namespace cresset::detect::proto::tls;

BOOST_AUTO_TEST_SUITE(tls_fingerprint)

BOOST_AUTO_TEST_CASE(ja3_is_the_published_example) {
  client_hello hello;
  hello.legacy_version = 769;
  hello.ciphers = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4};
  hello.extensions = {0, 10, 11};
  hello.groups = {23, 24, 25};
  hello.point_formats = {0};
  BOOST_TEST(ja3_text(hello) ==
             "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  BOOST_TEST(md5_hex(ja3_text(hello)) == "ada70206e40642a3e4461f35503241d5");
}
BOOST_AUTO_TEST_CASE(ja4_is_the_published_example) {
  client_hello hello;
  hello.version = 0x0304;
  hello.sni = "x";
  hello.alpns = {"h2"};
  hello.ciphers = {0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
                   0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
  hello.extensions = {0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d,
                      0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0x2a2a};
  hello.signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
  BOOST_TEST(ja4_text(hello, 't') == "t13d1516h2_8daaf6152771_e5627efa2ab1");
}
BOOST_AUTO_TEST_CASE(what_a_hello_lacks_has_its_sign_in_ja4) {
  client_hello hello;
  hello.version = 0x0303;
  BOOST_TEST(ja4_text(hello, 'q') == "q12i000000_000000000000_000000000000");
  hello.alpns = {"\xab\xcd"};
  BOOST_TEST(ja4_text(hello, 't').substr(8, 2) == "ad");
}
BOOST_AUTO_TEST_CASE(ja3s_has_version_cipher_and_extensions) {
  server_hello hello;
  hello.legacy_version = 771;
  hello.cipher = 49199;
  hello.extensions = {65281, 0, 11};
  BOOST_TEST(ja3s_text(hello) == "771,49199,65281-0-11");
}

BOOST_AUTO_TEST_SUITE_END()
