#include "detect/rule/options/protocol_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(conditions_of_one_protocol)

BOOST_AUTO_TEST_CASE(dce_interfaces_are_uuid_version_and_fragments) {
  const auto made =
      parse_dce_interface(text_cursor{"367ABB81-9844-35f1-ad32-98f038001003,>1,any_frag"});
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->uuid[0] == 0x36 && made->uuid[15] == 0x03);
  BOOST_CHECK(made->version && (*made->version)(2) && !(*made->version)(1));
  BOOST_CHECK(made->any_fragment);
  BOOST_CHECK(
      (*parse_dce_interface(text_cursor{"afa8bd80-7d8a-11c9-bef4-08002b102989,=1"})->version)(1));
  for (const auto* text : {"", "367abb81", "367abb81-9844-35f1-ad32-98f03800100g",
                           "367abb8109844-35f1-ad32-98f038001003"})
    BOOST_CHECK_MESSAGE(!parse_dce_interface(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(lists_hold_numbers_and_ranges) {
  const auto made = parse_number_list("dce_opnum", text_cursor{"12,18-24,5"});
  BOOST_REQUIRE(made && *made);
  BOOST_CHECK((*made)->field == "dcerpc.opnum" && (*made)->ranges.size() == 3);
  BOOST_CHECK((*made)->ranges[1] == (std::pair<std::int64_t, std::int64_t>{18, 24}));
  BOOST_CHECK(
      (*parse_number_list("krb5.ticket_encryption", text_cursor{"-133,23"}))->ranges[0].first ==
      -133);
  BOOST_CHECK((*parse_number_list("krb5.ticket_encryption", text_cursor{"!weak"}))->negated);
  BOOST_CHECK(!*parse_number_list("dcerpc.opnum", text_cursor{"9-8"}));
  BOOST_CHECK(!*parse_number_list("dcerpc.opnum", text_cursor{"65536"}));
  BOOST_CHECK(!parse_number_list("frob", text_cursor{"1"}));
}

BOOST_AUTO_TEST_CASE(modbus_is_by_function_or_by_access) {
  const auto made = parse_modbus(text_cursor{"unit >9, access read coils, address 0<>2"});
  BOOST_REQUIRE(made);
  BOOST_CHECK(made->unit && (*made->unit)(10) && made->how == modbus::access::read &&
              made->of == modbus::data::coils);
  BOOST_CHECK(made->address && (*made->address)(1));
  BOOST_CHECK(*parse_modbus(text_cursor{"function 8, subfunction 4"})->subfunction == 4);
  BOOST_CHECK(parse_modbus(text_cursor{"function !reserved"})->category_negated);
  BOOST_CHECK(parse_modbus(text_cursor{"access write holding, address 500, value >200"})
                  ->value.has_value());
  for (const auto* text :
       {"", "function", "function frob", "function 256", "access frob", "access write input",
        "address 1", "subfunction 1", "access read, value 1", "function 1, access read"})
    BOOST_CHECK_MESSAGE(!parse_modbus(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(small_ones_read_their_numbers) {
  BOOST_CHECK(parse_dnp3_object(text_cursor{"12, 1"})->variation == 1);
  BOOST_CHECK(!parse_dnp3_object(text_cursor{"12"}));
  const auto service = parse_cip_service(text_cursor{"16,246,!6"});
  BOOST_CHECK(service && *service->object_class == 246 && *service->attribute == 6 &&
              service->attribute_negated);
  BOOST_CHECK(!parse_cip_service(text_cursor{"128"}));
  BOOST_CHECK(parse_ike_attribute(text_cursor{"sa_key_length=128"})->value == 128);
  BOOST_CHECK(!parse_ike_attribute(text_cursor{"frob=1"}));
  const auto call = parse_rpc(text_cursor{"100009,*,5"});
  BOOST_CHECK(call && call->program == 100009 && !call->version && *call->procedure == 5);
  BOOST_CHECK(!parse_rpc(text_cursor{"*"}));
  const auto oddity = parse_asn1(
      text_cursor{"double_overflow, bitstring_overflow, relative_offset 54, oversize_length 1024"});
  BOOST_CHECK(oddity && oddity->double_overflow && *oddity->relative_offset == 54 &&
              *oddity->oversize_length == 1024);
  BOOST_CHECK(!parse_asn1(text_cursor{"frob"}));
}

BOOST_AUTO_TEST_SUITE_END()
