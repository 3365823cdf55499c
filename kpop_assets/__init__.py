"""K-pop album covers, from the chart to the generated picture, as Dagster assets."""
