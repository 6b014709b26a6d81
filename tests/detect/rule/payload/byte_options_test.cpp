#include "detect/rule/payload/byte_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::payload;
using cresset::detect::rule::text::errc;
using cresset::detect::rule::text::text_cursor;

namespace {

variable_names with(std::string_view name) {
  variable_names names;
  BOOST_REQUIRE(names.define(text_cursor{name}).has_value());
  return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(options_that_read_numbers_from_bytes)

BOOST_AUTO_TEST_CASE(byte_test_takes_its_operator_and_words) {
  const auto made =
      parse_byte_test(text_cursor{"4, !&, 0x80, -16, relative, little, bitmask 0xF0"}, {});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->bytes.number == 4);
  BOOST_CHECK((made->how == byte_test::test::bits_set));
  BOOST_CHECK(made->negated);
  BOOST_CHECK(made->value.number == 0x80);
  BOOST_CHECK(made->offset.number == -16);
  BOOST_CHECK(made->mask == 0xf0U);
  BOOST_CHECK(made->relative);
  BOOST_CHECK((made->order == byte_order::little));
  const auto text = parse_byte_test(text_cursor{"0,=,0,0,string,dec"}, {});
  BOOST_REQUIRE(text.has_value());
  BOOST_CHECK((text->text == number_text::decimal));
  const auto variable = parse_byte_test(text_cursor{"1,!=,var,9"}, with("var"));
  BOOST_REQUIRE(variable.has_value());
  BOOST_CHECK(variable->value.slot == 0);
}

BOOST_AUTO_TEST_CASE(byte_test_is_refused_when_it_cannot_be) {
  for (const auto* text : {"", "1,>,2", "9,>,1,0", "0,>,1,0", "24,>,1,0,string,dec", "1,~,1,0",
                           "1,>,x,0", "1,>,1,0,hex", "1,>,1,0,big,little", "1,>,1,0,string,dec,dce",
                           "1,>,1,0,bitmask 0", "1,>,1,0,frob", "1,>,1,99999"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(!parse_byte_test(text_cursor{text}, {}).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(byte_jump_takes_its_words) {
  const auto made = parse_byte_jump(
      text_cursor{"2,-17,relative,from_beginning,little,multiplier 3,align, post_offset -1"}, {});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->offset.number == -17);
  BOOST_CHECK((made->from == byte_jump::origin::beginning));
  BOOST_CHECK(made->multiplier == 3U);
  BOOST_CHECK(made->post_offset.number == -1);
  BOOST_CHECK(made->align);
  BOOST_CHECK(parse_byte_jump(text_cursor{"0,0, from_end, post_offset -8"}, {}).has_value());
  for (const auto* text : {"", "1", "9,0", "1,0,multiplier 0", "1,0,post_offset x", "1,0,frob"})
    BOOST_CHECK(!parse_byte_jump(text_cursor{text}, {}).has_value());
}

BOOST_AUTO_TEST_CASE(byte_extract_defines_its_variable_once_all_is_well) {
  variable_names names;
  BOOST_CHECK(!parse_byte_extract(text_cursor{"1,0,var,frob"}, names).has_value());
  BOOST_CHECK(names.names().empty());
  const auto made =
      parse_byte_extract(text_cursor{"3,0,len,relative,multiplier 2,align 4,string hex"}, names);
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->result == 0);
  BOOST_CHECK(made->align == 4U);
  BOOST_CHECK((made->text == number_text::hexadecimal));
  for (const auto* text : {"0,0,v", "1,0", "1,0,1v", "1,0,v,align 3", "9,0,v"})
    BOOST_CHECK(!parse_byte_extract(text_cursor{text}, names).has_value());
}

BOOST_AUTO_TEST_CASE(byte_math_needs_all_its_parts) {
  auto names = with("extracted_val");
  const auto made = parse_byte_math(
      text_cursor{
          "bytes 1, offset 1, oper *,rvalue extracted_val, result var, endian little, relative"},
      names);
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK((made->how == byte_math::operation::multiply));
  BOOST_CHECK(made->right.slot == 0);
  BOOST_CHECK(made->result == 1);
  BOOST_CHECK(made->relative);
  for (const auto* text :
       {"bytes 1, offset 1, oper +, rvalue 1", "bytes 1, offset 1, oper %, rvalue 1, result v",
        "bytes 1, offset 1, oper /, rvalue 0, result v",
        "bytes 11, offset 1, oper +, rvalue 1, result v",
        "bytes 1, offset 1, oper +, rvalue nobody, result v"})
    BOOST_CHECK(!parse_byte_math(text_cursor{text}, names).has_value());
}

BOOST_AUTO_TEST_CASE(isdataat_and_bsize_and_base64_decode_read_theirs) {
  const auto at = parse_isdataat(text_cursor{"!1,relative"}, {});
  BOOST_REQUIRE(at.has_value());
  BOOST_CHECK(at->negated);
  BOOST_CHECK(at->relative);
  BOOST_CHECK(at->length.number == 1);
  BOOST_CHECK((parse_isdataat(text_cursor{"1,frob"}, {}).error().why == errc::unknown_value));
  BOOST_CHECK(parse_bsize(text_cursor{"8<>20"})->size(9));
  BOOST_CHECK(!parse_bsize(text_cursor{"x"}).has_value());
  const auto decode = parse_base64_decode(text_cursor{"bytes 300, offset 2, relative"});
  BOOST_REQUIRE(decode.has_value());
  BOOST_CHECK(decode->bytes == 300U);
  BOOST_CHECK(decode->offset == 2U);
  BOOST_CHECK(parse_base64_decode(text_cursor{""}).has_value());
  BOOST_CHECK(!parse_base64_decode(text_cursor{"bytes 0"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
