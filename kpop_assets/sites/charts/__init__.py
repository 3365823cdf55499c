"""The year-end chart: circlechart.kr and saved pages of the old gaonchart.co.kr."""
